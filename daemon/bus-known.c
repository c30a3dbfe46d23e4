/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * Checks of accounts that the daemon knows: CheckAccount, StartCheck, and Check of an account itself.
 *
 * The settings are the account's.  A caller may bring a secret of his own; then what comes of it is his answer, and not how
 * the account is.
 */

#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include "account-settings.h"
#include "bouncer.h"
#include "bus-reader.h"
#include "dbus/names.h"
#include "own.h"

/* What the options of the call say. */
typedef struct Wish {
        Settings run;
        ServiceSettings common;
} Wish;

static void wish_done(Wish *wish) {
        settings_done(&wish->run);
        service_settings_done(&wish->common);
}

static void wish_init(Wish *wish) {
        settings_init(&wish->run);
        service_settings_init(&wish->common);
}

static int read_wish(const Manager *manager, sd_bus_message *call, uid_t uid, Wish *wish, sd_bus_error *error) {
        Reader reader = { .message = call, .place = OPTION_PLACE_KNOWN, .settings = &wish->run, .service = &wish->common };

        int r = bus_read_dictionary(&reader, error);
        if (r >= 0 && wish->run.ignore_login_budget)
                r = bouncer_may_ignore_budget(manager->instance, uid, error);
        return r;
}

/* ---- the settings of one ---- */

static int forget_secret(ServiceSettings *service) {
        service->secret_fd = close_fd(service->secret_fd);
        service->oauth_token = false;
        free(TAKE_PTR(service->secret_missing));
        return 0;
}

static int name_secret(const ServiceSettings *common, ServiceSettings *service) {
        forget_secret(service);
        service->secret_name = strdup(common->secret_name);
        return service->secret_name ? 0 : -ENOMEM;
}

static int give_secret(const ServiceSettings *common, ServiceSettings *service) {
        if (common->secret_name)
                return name_secret(common, service);
        if (common->secret_fd < 0)
                return 0;
        int fd = fcntl(common->secret_fd, F_DUPFD_CLOEXEC, 3);
        if (fd < 0)
                return -errno;
        forget_secret(service);
        service->secret_fd = fd;
        service->oauth_token = common->oauth_token;
        return 0;
}

/* Whether the outcome says how the account is. */
static bool is_as_known(const Wish *wish) {
        return wish->common.secret_fd < 0 && !wish->common.secret_name && wish->run.ca_fd < 0 &&
               (!wish->run.depth_given || wish->run.depth >= MD_DEPTH_TLS);
}

static int fill(const Manager *manager, const Account *account, const Wish *wish, Settings *settings, char **ret_text) {
        int r = settings_copy_run(&wish->run, settings);
        if (r >= 0)
                /* Who says whom to trust does not get the account's secret sent there. */
                r = account_to_settings(account, wish->run.ca_fd < 0 ? manager->credentials : NULL, settings, ret_text);
        for (size_t i = 0; r >= 0 && i < settings->n_services; i++)
                r = give_secret(&wish->common, &settings->services[i]);
        if (r >= 0)
                r = settings_validate(settings, ret_text);
        if (r >= 0)
                r = settings_fill_in(settings);
        settings->as_known = is_as_known(wish);
        return r;
}

static int add(const Manager *manager, const char *id, const Wish *wish, JobRequest *request, sd_bus_error *error) {
        const Account *account = accounts_find(manager->accounts, id);
        _cleanup_free_ char *text = NULL, *placed = NULL;
        Settings *settings;

        if (!account)
                return bus_account_missing(id, error);
        int r = job_request_add(request, &settings);
        if (r >= 0)
                r = fill(manager, account, wish, settings, &text);
        if (r >= 0)
                return 0;
        if (text && asprintf(&placed, "account %s: %s", id, text) < 0)
                placed = NULL;
        return bus_error_from(error, r, placed ? placed : text);
}

/* ---- one account, and wait ---- */

int bus_check_account(Manager *manager, sd_bus_message *call, const char *id, sd_bus_error *error) {
        __attribute__((cleanup(job_request_done))) JobRequest request = { .impatient = true };
        __attribute__((cleanup(wish_done))) Wish wish;
        Job *job;
        uid_t uid;

        wish_init(&wish);
        int r = bouncer_admit(manager->bouncer, call, &uid, error);
        if (r >= 0)
                r = read_wish(manager, call, uid, &wish, error);
        if (r >= 0)
                r = add(manager, id, &wish, &request, error);
        if (r >= 0)
                r = bus_open_secrets(manager, uid, &request, error);
        return r < 0 ? r : bus_begin_check(manager, call, uid, &request, &job, error);
}

int bus_method_check_account(sd_bus_message *call, void *userdata, sd_bus_error *error) {
        const char *id;
        int r = sd_bus_message_read(call, "s", &id);
        return r < 0 ? r : bus_check_account(userdata, call, id, error);
}

/* ---- several, as a job ---- */

static void free_list(char ***list) {
        for (size_t i = 0; *list && (*list)[i]; i++)
                free((*list)[i]);
        free(*list);
}

static int add_all(const Manager *manager, const Wish *wish, JobRequest *request, sd_bus_error *error) {
        size_t n = accounts_n(manager->accounts);
        int r = 0;

        if (n > JOB_ACCOUNTS_MAX)
                return bus_error_from(error, -EDQUOT, "there are more than 64 accounts; name those that are meant");
        for (size_t i = 0; r >= 0 && i < n; i++)
                r = add(manager, accounts_at(manager->accounts, i)->id, wish, request, error);
        if (r >= 0 && n == 0) {
                sd_bus_error_set(error, MAILDIAG_ERROR_NO_SUCH_ACCOUNT, "there is no account");
                return -ENOENT;
        }
        return r;
}

static int add_named(const Manager *manager, char *const *ids, const Wish *wish, JobRequest *request,
                     sd_bus_error *error) {
        int r = 0;

        for (size_t i = 0; r >= 0 && ids[i]; i++) {
                for (size_t k = 0; k < i; k++)
                        if (!strcmp(ids[i], ids[k]))
                                return bus_error_from(error, -EINVAL, "argument 'ids' names an account twice");
                if (i == JOB_ACCOUNTS_MAX)
                        return bus_error_from(error, -EDQUOT, "argument 'ids' names more than 64 accounts");
                r = add(manager, ids[i], wish, request, error);
        }
        return r;
}

static int reply_job(sd_bus_message *call, const Job *job, sd_bus_error *error) {
        _cleanup_free_ char *path = bus_job_path(job);
        return path ? sd_bus_reply_method_return(call, "o", path) : bus_error_from(error, -ENOMEM, NULL);
}

int bus_method_start_check(sd_bus_message *call, void *userdata, sd_bus_error *error) {
        __attribute__((cleanup(job_request_done))) JobRequest request = { .is_list = true };
        __attribute__((cleanup(free_list))) char **ids = NULL;
        __attribute__((cleanup(wish_done))) Wish wish;
        _cleanup_free_ char *text = NULL;
        Manager *manager = userdata;
        Job *job;
        uid_t uid;

        wish_init(&wish);
        int r = bouncer_admit(manager->bouncer, call, &uid, error);
        if (r >= 0)
                r = sd_bus_message_read_strv(call, &ids);
        if (r >= 0)
                r = read_wish(manager, call, uid, &wish, error);
        if (r >= 0)
                r = ids && ids[0] ? add_named(manager, ids, &wish, &request, error) :
                                    add_all(manager, &wish, &request, error);
        if (r >= 0)
                r = bus_open_secrets(manager, uid, &request, error);
        if (r >= 0 && (r = settings_validate_all(request.accounts, request.n_accounts, &text)) < 0)
                return bus_error_from(error, r, text);
        if (r >= 0)
                r = bus_begin_check(manager, call, uid, &request, &job, error);
        return r < 0 ? r : reply_job(call, job, error);
}
