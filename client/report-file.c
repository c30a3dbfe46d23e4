/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Reads a report back.  Whatever its texts hold is treated as strangers' words by those who use it. */

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "complain.h"
#include "i18n.h"
#include "report-file.h"
#include "report.h"

#define REPORT_MAX (16 * 1024 * 1024)

static int complain_shape(const char *path, const json_t *document, const json_error_t *error) {
        if (!document)
                return complain(STATUS_NO_INPUT, _("--from-report: '%s', line %d: %s"), path, error->line, error->text);
        if (!strcmp(report_text(document, "schema"), "maildiag-reports/1"))
                return complain(STATUS_NO_INPUT, _("--from-report: '%s' holds several accounts; take one report out of it"),
                                path);
        return complain(STATUS_NO_INPUT, _("--from-report: '%s' is no report of maildiag check --json"), path);
}

static int check_size(const char *path, FILE *file) {
        struct stat st;
        if (fstat(fileno(file), &st) < 0)
                return complain(STATUS_NO_INPUT, _("--%s: cannot read '%s': %s"), "from-report", path, strerror(errno));
        if (S_ISDIR(st.st_mode))
                return complain(STATUS_NO_INPUT, _("--%s: '%s' is a directory"), "from-report", path);
        if (st.st_size > REPORT_MAX)
                return complain(STATUS_NO_INPUT, _("--from-report: '%s' is longer than 16 MiB"), path);
        return 0;
}

int report_read(const char *path, json_t **ret) {
        FILE *file = fopen(path, "re");
        if (!file)
                return complain(STATUS_NO_INPUT, _("--%s: cannot open '%s': %s"), "from-report", path, strerror(errno));

        json_error_t error;
        json_t *document = NULL;
        int status = check_size(path, file);
        if (status == 0) {
                document = json_loadf(file, JSON_REJECT_DUPLICATES, &error);
                if (strcmp(report_text(document, "schema"), "maildiag-report/1"))
                        status = complain_shape(path, document, &error);
        }
        fclose(file);
        if (status == 0)
                *ret = document;
        else
                json_decref(document);
        return status;
}
