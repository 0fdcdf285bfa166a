// The picture on a card brings its code behind the "#": it is put into the form and never sent in an address.
"use strict";

const field = document.querySelector("input[name='code']");
if (field && location.hash.length > 1) {
  field.value = decodeURIComponent(location.hash.slice(1));
  history.replaceState(null, "", location.pathname + location.search);
  field.form.querySelector("button").focus();
}
