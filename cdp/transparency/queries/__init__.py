"""The reads of the public: all of them make sheets, none of them writes."""
