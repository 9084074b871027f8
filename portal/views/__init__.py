"""The portal's views, one blueprint a module: parse the request, ask one room, render a finished page."""
