"""What the pages have in common: one offline HTML sheet, its head, its map and their manners."""

from dispatch.adapters.page.sheet import Asset, PageParts, read_asset, render_page

__all__ = ["Asset", "PageParts", "read_asset", "render_page"]
