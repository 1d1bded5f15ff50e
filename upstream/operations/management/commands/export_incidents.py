from upstream.operations.exporting.command import ExportCommand
from upstream.operations.exporting.shapes import Table
from upstream.operations.exporting.tables import incidents_table


class Command(ExportCommand):
    help = "Writes a practice's incidents to a file; with identifying values, the claims behind them."

    def table(self, *, with_phi: bool) -> Table:
        return incidents_table(with_phi=with_phi)
