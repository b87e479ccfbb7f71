"""客户联系: our staff's customers and groups, broadcasts to them, tags, welcomes."""
