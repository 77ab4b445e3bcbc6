/* How each kind of argument and result is shown (trace_kind.h). */
#include "trace_kind.h"

#include <string.h>

#include "status.h"
#include "trace.h"
#include "trace_peek.h"

/* ---- what a call was given ------------------------------------------------------------------ */

static const void *pointer(const struct trace_call *call, size_t i)
{
    return (const void *)call->args[i];
}

static void show_handle(struct trace_line *l, const struct trace_call *call, size_t i)
{
    if (call->args[i] == 0)
        trace_line_put(l, "NULL");
    else
        trace_line_put(l, "0x%zx", call->args[i]);
}

static void show_flags(struct trace_line *l, const struct trace_call *call, size_t i)
{
    trace_line_put(l, "0x%zx", call->args[i]);
}

static void show_number(struct trace_line *l, const struct trace_call *call, size_t i)
{
    trace_line_put(l, "%zu", call->args[i]);
}

static void show_pointer(struct trace_line *l, const struct trace_call *call, size_t i)
{
    trace_line_put(l, call->args[i] == 0 ? "NULL" : "&");
}

static void show_string(struct trace_line *l, const struct trace_call *call, size_t i, size_t unit)
{
    if (call->args[i] == 0)
        trace_line_put(l, "NULL");
    else
        trace_line_quote(l, pointer(call, i), unit);
}

static void show_wide(struct trace_line *l, const struct trace_call *call, size_t i)
{
    show_string(l, call, i, call->row->unit);
}

static void show_narrow(struct trace_line *l, const struct trace_call *call, size_t i)
{
    show_string(l, call, i, sizeof(char));
}

/* [32]; NULL; NULL[32] is no memory of which 32 bytes are said to be there. */
static void show_memory(struct trace_line *l, const struct trace_call *call, size_t i)
{
    uintptr_t size = call->args[call->row->args[i].size_at];
    if (call->args[i] == 0)
        trace_line_put(l, "NULL");
    if (call->args[i] != 0 || size != 0)
        trace_line_put(l, "[%zu]", size);
}

#define BUFFERS_SHOWN 16

/* {0x0[14], 0x8[4]}: types and sizes; what is in the buffers may be a password. */
static void show_buffers(struct trace_line *l, const struct trace_call *call, size_t i)
{
    BCryptBufferDesc list;
    BCryptBuffer buffer;
    if (call->args[i] == 0 || trace_peek(&list, pointer(call, i), sizeof list) < sizeof list) {
        show_pointer(l, call, i);
        return;
    }
    trace_line_put(l, "{");
    for (ULONG at = 0; at < list.cBuffers && at < BUFFERS_SHOWN; at++) {
        if (trace_peek(&buffer, list.pBuffers + at, sizeof buffer) < sizeof buffer)
            break;
        trace_line_put(l, "%s0x%x[%u]", at > 0 ? ", " : "", buffer.BufferType, buffer.cbBuffer);
    }
    trace_line_put(l, list.cBuffers > BUFFERS_SHOWN ? ", ...}" : "}");
}

/* ---- what it returned ----------------------------------------------------------------------- */

static bool succeeded(NTSTATUS status)
{
    return status >= 0;
}

/* A buffer that is too small tells the size too. */
static bool told_size(NTSTATUS status)
{
    return status >= 0 || status == STATUS_BUFFER_TOO_SMALL || status == NTE_BUFFER_TOO_SMALL;
}

static void returned_handle(struct trace_line *l, const void *at)
{
    uintptr_t handle;
    memcpy(&handle, at, sizeof handle);
    trace_line_put(l, "0x%zx", handle);
}

static void returned_byte(struct trace_line *l, const void *at)
{
    trace_line_put(l, "%u", *(const uint8_t *)at);
}

static void returned_ulong(struct trace_line *l, const void *at)
{
    uint32_t number;
    memcpy(&number, at, sizeof number);
    trace_line_put(l, "%u", number);
}

static void returned_size(struct trace_line *l, const void *at)
{
    size_t number;
    memcpy(&number, at, sizeof number);
    trace_line_put(l, "%zu", number);
}

const struct trace_kind trace_kind_handle = {show_handle};
const struct trace_kind trace_kind_flags = {show_flags};
const struct trace_kind trace_kind_number = {show_number};
const struct trace_kind trace_kind_wide = {show_wide};
const struct trace_kind trace_kind_narrow = {show_narrow};
const struct trace_kind trace_kind_memory = {show_memory};
const struct trace_kind trace_kind_size = {NULL};
const struct trace_kind trace_kind_buffers = {show_buffers};
const struct trace_kind trace_kind_pointer = {show_pointer};
const struct trace_kind trace_kind_out_handle = {show_pointer, returned_handle, succeeded};
const struct trace_kind trace_kind_out_byte = {show_pointer, returned_byte, succeeded};
const struct trace_kind trace_kind_out_ulong = {show_pointer, returned_ulong, told_size};
const struct trace_kind trace_kind_out_size = {show_pointer, returned_size, told_size};

/* ---- results -------------------------------------------------------------------------------- */

void trace_result_status(struct trace_line *l, uint32_t result)
{
    const char *name = status_name((NTSTATUS)result);
    if (name != NULL)
        trace_line_put(l, " = %s (0x%08X)", name, result);
    else
        trace_line_put(l, " = 0x%08X", result);
}

void trace_result_bool(struct trace_line *l, uint32_t result)
{
    trace_line_put(l, result != 0 ? " = TRUE" : " = FALSE");
}

void trace_result_void(struct trace_line *l, uint32_t result)
{
    (void)l;
    (void)result;
}
