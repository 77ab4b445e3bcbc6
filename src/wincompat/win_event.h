/*
 * Events are descriptors, so that programs of Linux can poll them too: an event of CreateEvent is an
 * eventfd, a change notification of bcrypt.h or ncrypt.h an inotify or eventfd descriptor.
 */
#ifndef WIN_EVENT_H
#define WIN_EVENT_H

#include "wincompat.h"

/* The descriptor behind the handle of an event; -1 for every other handle. */
int event_descriptor(HANDLE handle);

/* A wait that succeeds takes what was signalled (Windows' auto-reset events); whether there was
 * something to take, or the event is one that stays signalled. */
bool event_take(int descriptor);

/* CreateEvent, whose name is told only by whether there is one; NULL and an error. */
HANDLE event_new(BOOL manual, BOOL set, bool named);

#endif
