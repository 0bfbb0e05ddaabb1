"""Moving an installation to other stores."""
