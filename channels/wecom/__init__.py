"""What the four ways to WeCom (企业微信) share: callbacks in, calls out."""
