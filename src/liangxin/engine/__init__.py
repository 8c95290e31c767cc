"""One town or many: the whole way from ledger to plan, in this process, in local processes, or on a Dask cluster."""
