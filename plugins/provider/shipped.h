/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* The table that maildiag brings: compile.c makes it of the files of table/. */

#include "table.h"

extern const TableShipped table_shipped;
