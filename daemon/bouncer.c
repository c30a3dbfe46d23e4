/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The rules of who may: the user instance serves its user; the system instance serves root, and others as far as polkit or
 * the administrator allows. */

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bouncer.h"

static int refuse(sd_bus_error *error, const char *text) {
        sd_bus_error_set_const(error, SD_BUS_ERROR_ACCESS_DENIED, text);
        return -EACCES;
}

struct Bouncer {
        Instance instance;
        Access access;
        char known[64];                 /* unique name of the connection that was let in last; "": none */
        uid_t known_uid;
};

Bouncer *bouncer_new(Instance instance) {
        Bouncer *bouncer = calloc(1, sizeof(*bouncer));
        if (!bouncer)
                return NULL;
        bouncer->instance = instance;
        access_init(&bouncer->access);
        return bouncer;
}

Bouncer *bouncer_free(Bouncer *bouncer) {
        free(bouncer);
        return NULL;
}

static const struct {
        const char *action, *refusal;
} rights[] = {
        [RIGHT_NONE] = { "", "" },
        [RIGHT_CHECK_SERVER] = { "org.maildiag.diag1.check-server",
                                 "the system's maildiagd checks no servers for you; your own does "
                                 "(maildiag --session, or --private)" },
        [RIGHT_CHECK_ACCOUNT] = { "org.maildiag.diag1.check-account",
                                  "only root may have the system's accounts checked" },
        [RIGHT_VIEW] = { "org.maildiag.diag1.view-details",
                         "only root may see the details of the system's accounts" },
        [RIGHT_IMPORT] = { "org.maildiag.diag1.import-system",
                           "only root may have accounts imported into the system's maildiagd" },
        [RIGHT_MANAGE] = { "org.maildiag.diag1.manage", "only root may manage the system's maildiagd" },
};

const char *right_to_action(Right right) {
        return rights[right].action;
}

const char *right_refusal(Right right) {
        return rights[right].refusal;
}

static bool is_own_or_root(uid_t uid) {
        return uid == 0 || uid == geteuid();
}

/* A bus gives the name of a connection to no second one, and a connection keeps its uid. */
static void remember(Bouncer *bouncer, const char *sender, uid_t uid) {
        size_t length = sender ? strlen(sender) : 0;

        if (length == 0 || length >= sizeof(bouncer->known) || sender[0] != ':')
                return;
        memcpy(bouncer->known, sender, length + 1);
        bouncer->known_uid = uid;
}

int bouncer_admit(Bouncer *bouncer, sd_bus_message *call, uid_t *ret_uid, sd_bus_error *error) {
        const char *sender = sd_bus_message_get_sender(call);
        sd_bus_creds *creds = NULL;
        uid_t uid;

        if (sender && !strcmp(sender, bouncer->known)) {
                *ret_uid = bouncer->known_uid;
                return 0;
        }
        int r = sd_bus_query_sender_creds(call, SD_BUS_CREDS_EUID, &creds);
        if (r >= 0)
                r = sd_bus_creds_get_euid(creds, &uid);
        sd_bus_creds_unref(creds);
        if (r < 0)
                return refuse(error, "it cannot be told who is asking");
        if (bouncer->instance == INSTANCE_USER && !is_own_or_root(uid))
                return refuse(error, "this maildiagd serves another user");
        remember(bouncer, sender, uid);
        *ret_uid = uid;
        return 0;
}

void bouncer_set_access(Bouncer *bouncer, const Access *access) {
        bouncer->access = *access;
}

const Access *bouncer_access(const Bouncer *bouncer) {
        return &bouncer->access;
}

bool bouncer_has(const Bouncer *bouncer, uid_t uid, Right right) {
        return right == RIGHT_NONE || bouncer->instance != INSTANCE_SYSTEM || is_own_or_root(uid) ||
               (right == RIGHT_VIEW && access_is_reader(&bouncer->access, uid));
}

bool bouncer_limits(const Bouncer *bouncer, uid_t uid) {
        return bouncer->instance == INSTANCE_SYSTEM && !is_own_or_root(uid);
}

int bouncer_may_ignore_budget(Instance instance, uid_t uid, sd_bus_error *error) {
        if (instance == INSTANCE_SYSTEM && uid != 0)
                return refuse(error, "only root may have the system's maildiagd ignore its login budget");
        return 0;
}

bool bouncer_may_see(uid_t uid, uid_t owner) {
        return uid == 0 || uid == owner;
}

int bouncer_may_use_credentials(Instance instance, uid_t uid, sd_bus_error *error) {
        if (instance == INSTANCE_SYSTEM && !is_own_or_root(uid))
                return refuse(error, "only root may name credentials of the system's maildiagd");
        return 0;
}
