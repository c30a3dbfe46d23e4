/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * The heap of the worker, made fit to be shared with children.
 *
 * A child that writes to a page gets a copy of it.  If it fills the small holes between what the worker keeps, it ends up with
 * a copy of the whole heap, a page fault at a time; if it starts on fresh pages, it has those that it needs.
 */

/* Large pieces lie apart, and go back to the system when they are freed.  At the start. */
void heap_prepare(void);

/* Leaves no holes: what is allocated from here on lies on fresh pages.  Once, before the first child. */
void heap_close(void);
