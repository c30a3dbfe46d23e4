/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * Whether this is a build with AddressSanitizer, which needs terabytes of address space, a few more system
 * calls, and standard error to report on.  The sandbox leaves it these, and only these.
 */

#if defined(__SANITIZE_ADDRESS__)
#  define INSTRUMENTED 1
#elif defined(__has_feature)
#  if __has_feature(address_sanitizer)
#    define INSTRUMENTED 1
#  endif
#endif
#ifndef INSTRUMENTED
#  define INSTRUMENTED 0
#endif
