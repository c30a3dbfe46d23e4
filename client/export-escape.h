/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Texts in the quoting of each form.  They are clean (one line of UTF-8) before they come here. */

#include <stdio.h>

/* XML text or attribute: & < > " and '. */
void put_xml(FILE *out, const char *text);
/* Inside of an XML comment: no two hyphens in a row. */
void put_xml_comment(FILE *out, const char *text);
/* A part of a URL: all but unreserved characters (RFC 3986 section 2.3) as %XX. */
void put_url(FILE *out, const char *text);
/* A host in a URL: an IPv6 address in brackets. */
void put_url_host(FILE *out, const char *host);
/* A string of JavaScript or JSON, with its quotes. */
void put_js(FILE *out, const char *text);
/* A word of muttrc, in double quotes: \ " $ and ` lose their meaning. */
void put_muttrc(FILE *out, const char *text);
/* An argument of mbsyncrc, in double quotes with \ " escaped. */
void put_mbsyncrc(FILE *out, const char *text);
/* A value of an ini file as aerc reads it: in backquotes, or in three quotes where it has backquotes itself. */
void put_ini(FILE *out, const char *text);
/* A name without surprises in any of the forms: letters, digits, dots, hyphens; others become hyphens. */
void put_name(FILE *out, const char *text);
