"""pytest plug-in, loaded with `-p` before Django is: the servers are up and the environment names them."""

import os

from upstream.dev.environment import ensure

os.environ.update(ensure())
