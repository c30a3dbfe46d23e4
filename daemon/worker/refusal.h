/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Why a plugin or a directory is not taken: one line for a person, that travels up beside the result. */

/* A documented result: not an error of ours, the reason is in the text. */
#define REFUSED 1

/* Writes the reason, made harmless, to a new string; returns REFUSED, or -ENOMEM. */
int refuse(char **ret_why, const char *format, ...) __attribute__((format(printf, 2, 3)));
