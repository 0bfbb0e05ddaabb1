"""Ways to reach people who do not look at a page: one file a scheme of URLs, with `open_channel(url)`."""
