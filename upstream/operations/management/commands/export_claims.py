from upstream.operations.exporting.command import ExportCommand
from upstream.operations.exporting.shapes import Table
from upstream.operations.exporting.tables import claims_table


class Command(ExportCommand):
    help = "Writes a practice's claims to a CSV, Excel or Parquet file, without identifying values unless asked."

    def table(self, *, with_phi: bool) -> Table:
        return claims_table(with_phi=with_phi)
