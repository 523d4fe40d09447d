"""Words of the procedure for its pages."""
