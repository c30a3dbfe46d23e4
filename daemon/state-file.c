/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* A file of the state directory, its lock, and what is said when there is none. */

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "log.h"
#include "own.h"
#include "state-file.h"

#define PATIENCE_MS 500u                /* with another daemon that has the file; it needs it for a few of them */

struct StateFile {
        char *place;                    /* NULL: nowhere */
        bool given;                     /* somebody named the place */
        const char *name, *loss;
        int directory;                  /* -1: not open */
        bool opened;                    /* it was tried */
        bool keeps_out;                 /* the file is that of a later version: it is left alone */
        unsigned patience_ms;           /* none with one that was stopped in the middle */
        bool told;                      /* that nothing can be kept */
        StateMark mark;
};

StateFile *state_file_new(Instance instance, const char *directory, const char *name, const char *loss) {
        StateFile *file = calloc(1, sizeof(*file));
        if (!file)
                return NULL;
        file->directory = -1;
        file->patience_ms = PATIENCE_MS;
        file->name = name;
        file->loss = loss;
        file->place = state_place(instance, directory, &file->given);
        return file;
}

StateFile *state_file_free(StateFile *file) {
        if (!file)
                return NULL;
        close_fd(file->directory);
        free(file->place);
        free(file);
        return NULL;
}

bool state_file_is_kept(const StateFile *file) {
        return file->directory >= 0 && !file->keeps_out;
}

/* Once: whoever named the directory is warned; where it is only the usual place, it may well be missing. */
static void tell(StateFile *file, const char *why) {
        const LogField fields[] = { { "MAILDIAG_FILE", file->place }, { "MAILDIAG_REASON", why }, { 0 } };
        const char *place = file->place ? file->place : "", *colon = file->place ? ": " : "";

        if (!file->told && file->given)
                log_event(LOG_EVENT_STATE_UNUSABLE, fields, "%s: %s%s%s", file->loss, place, colon, why);
        else if (!file->told)
                log_line(LOG_NOTICE, "%s: %s%s%s", file->loss, place, colon, why);
        file->told = true;
}

static void open_place(StateFile *file) {
        file->opened = true;
        if (!file->place) {
                tell(file, "there is no state directory");
                return;
        }
        file->directory = state_open(file->place);
        if (file->directory < 0)
                tell(file, file->directory == -EPERM ? "others may write there" : strerror(-file->directory));
}

char *state_file_begin(StateFile *file) {
        char *text = NULL;

        if (!file->opened)
                open_place(file);
        if (file->directory < 0)
                return NULL;
        file->patience_ms = state_lock(file->directory, file->patience_ms) < 0 ? 0 : PATIENCE_MS;
        if (!state_look(file->directory, file->name, &file->mark))
                return NULL;
        file->keeps_out = false;
        int r = state_read(file->directory, file->name, &text);
        if (r < 0 && r != -ENOENT && r != -ENOMEM)
                state_file_refuse(file, r);
        return r < 0 ? NULL : text;
}

void state_file_refuse(StateFile *file, int why) {
        if (why == -EPROTONOSUPPORT) {
                file->keeps_out = true;
                tell(file, "the file there was written by a later version");
        } else if (why != -ENOMEM)
                log_line(LOG_WARNING, "%s/%s cannot be used, it begins anew: %s", file->place, file->name,
                         why == -EBADMSG ? "it is damaged" : strerror(-why));
}

void state_file_end(StateFile *file, const char *text) {
        if (file->directory < 0)
                return;
        if (text && !file->keeps_out) {
                int r = state_write(file->directory, file->name, text);
                if (r < 0)
                        tell(file, strerror(-r));
                else
                        state_look(file->directory, file->name, &file->mark);
        }
        state_unlock(file->directory);
}
