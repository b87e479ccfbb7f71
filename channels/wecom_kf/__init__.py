"""微信客服: people with ordinary WeChat, who write first."""
