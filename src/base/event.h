/*
 * Events. Windows gives a handle to wait for; here it is a file descriptor to poll, cast to HANDLE:
 * readable means that something happened.
 *
 * Unregistering closes a descriptor whose number the program tells, and it must not be made to close
 * a stranger's: the numbers given out are remembered.
 */
#ifndef BASE_EVENT_H
#define BASE_EVENT_H

#include "base.h"

/* Gives the descriptor away as an event; it is closed when that fails. STATUS_NO_MEMORY: there are too many. */
NTSTATUS event_publish(int descriptor, HANDLE *event) MUST_CHECK;

/* Closes an event; false: it is none that was given out. */
bool event_close(HANDLE event) MUST_CHECK;

#endif
