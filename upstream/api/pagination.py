from rest_framework.pagination import CursorPagination


class StablePagination(CursorPagination):
    """Cursor pages: the same cost at any depth, and no row twice while rows are added."""

    page_size = 100
    max_page_size = 500
    page_size_query_param = "page_size"
    ordering = "pk"
