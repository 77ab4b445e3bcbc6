/* Which program or library a piece of code belongs to. */
#ifndef TRACE_TRACE_MODULE_H
#define TRACE_TRACE_MODULE_H

/* Its file's name without folders: "libncrypt.so.0"; "?" for code that no file holds. */
const char *trace_module_name(const void *code);

#endif
