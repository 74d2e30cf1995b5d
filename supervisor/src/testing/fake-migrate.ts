/** Stands in for the migrations. */
process.send?.({ report: 'ready' }, () => process.disconnect?.());
