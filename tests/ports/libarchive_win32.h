// Put in front (-include) of the few files of libarchive whose CNG code is under #ifdef _WIN32. What those files share with
// the rest of the library is included first, as on Linux; then they are told that this is Windows, which from here on
// is about CNG alone. No file of libarchive is changed.
#define __LIBARCHIVE_BUILD 1
#include "archive_platform.h"

#include "archive.h"
#include "archive_entry.h"
#include "archive_entry_locale.h"
#include "archive_private.h"
#include <windows.h>
// Paths have slashes here.
#define __la_win_entry_in_posix_pathseparator(entry) (entry)
#define _WIN32
