/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Keeps what a probe reports, and answers questions about it. */

#include <stdbool.h>
#include <stdio.h>

#include <maildiag/plugin.h>

#include "record.h"

#define WITNESS_RECORDS_MAX 8192u

typedef struct Witness {
        const MdPlugin *plugin;
        MdRecord *records[WITNESS_RECORDS_MAX];
        size_t n_records;
} Witness;

void witness_done(Witness *witness);
/* MdRunHooks.emit */
int witness_emit(void *userdata, const MdRecord *record);

/* A field as a script writes it: text, number, "yes" or "no", words of a list.  A new string. */
char *witness_field_text(const MdField *field);
/* Prints a record on one line. */
void witness_print(FILE *file, const MdRecord *record);

/* The n-th finding of at least that severity, counted from 0; NULL when there is none. */
const MdRecord *witness_finding(const Witness *witness, MdSeverity least, size_t n);
MdSeverity witness_severity(const Witness *witness, const char *id);
/* Whether a record of that kind has all the fields of a script's "key=value; key~part". */
bool witness_has(const Witness *witness, const char *kind, const char *fields);
bool witness_record_fits(const MdRecord *record, const char *fields);

/* What must hold after any dialogue.  Prints what does not; returns how many. */
unsigned witness_invariants(const Witness *witness, const char *secret, FILE *problems);
