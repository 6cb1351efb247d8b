"""The service: days, plans and live work over HTTP (extra ``serve``)."""
