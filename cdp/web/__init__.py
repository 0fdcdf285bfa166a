"""Pages: they load, ask one service, commit, and go on. They decide nothing and never import models."""
