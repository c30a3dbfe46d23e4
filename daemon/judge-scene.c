/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What the questions of the judge share. */

#include <stdarg.h>
#include <stdio.h>
#include <time.h>

#include "judge-rules.h"
#include "match.h"

void scene_init(Scene *scene) {
        time_t seconds = (time_t) (scene->report->started_usec / 1000000);
        struct tm tm;
        if (gmtime_r(&seconds, &tm))
                strftime(scene->now, sizeof(scene->now), "%Y-%m-%d %H:%M UTC", &tm);
}

void scene_note(Scene *scene, const char *format, ...) {
        size_t used = strlen(scene->evidence);
        va_list arguments;

        if (used > 0)
                used += (size_t) snprintf(scene->evidence + used, sizeof(scene->evidence) - used, ", ");
        if (used >= sizeof(scene->evidence))
                return;
        va_start(arguments, format);
        vsnprintf(scene->evidence + used, sizeof(scene->evidence) - used, format, arguments);
        va_end(arguments);
}

const char *scene_issuer(const ProbeLog *log) {
        const MdRecord *certificate = probe_log_next(log, NULL, "certificate");
        return certificate ? md_record_text(certificate, "issuer") : NULL;
}
