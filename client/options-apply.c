/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Values of options: checked, and put into the settings.  Nothing is opened or asked here. */

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "complain.h"
#include "endpoint.h"
#include "i18n.h"
#include "options-apply.h"
#include "text.h"

#define TIMEOUT_MIN_MS 100u             /* as in the interface: timeout-ms */
#define TIMEOUT_MAX_MS 600000u
#define MECHANISM_MAX 20                /* RFC 4422 section 3.1 */
#define FD_MAX 65535ul

static void *member(Settings *settings, const Option *option) {
        return (char *) settings + option->offset;
}

static int complain_value(const Option *option, const char *value, const char *problem) {
        return complain(STATUS_USAGE, "--%s '%s': %s", option->name, value, _(problem));
}

int apply_flag(Settings *settings, const Option *option, const char *value) {
        *(bool *) member(settings, option) = true;
        return 0;
}

int apply_text(Settings *settings, const Option *option, const char *value) {
        *(const char **) member(settings, option) = value;
        return 0;
}

int apply_path(Settings *settings, const Option *option, const char *value) {
        *(const char **) member(settings, option) = value;
        return 0;
}

int apply_choice(Settings *settings, const Option *option, const char *value) {
        for (const char *const *choice = option->choices; *choice; choice++)
                if (!strcmp(value, *choice)) {
                        *(const char **) member(settings, option) = *choice;
                        return 0;
                }
        return complain(STATUS_USAGE, _("--%s '%s': the choices are %s"), option->name, value, option->value);
}

int apply_address(Settings *settings, const Option *option, const char *value) {
        const char *problem = address_problem(value);
        if (problem)
                return complain_value(option, value, problem);
        return apply_text(settings, option, value);
}

int apply_service(Settings *settings, const Option *option, const char *value) {
        const char *problem;
        Service service = { .protocol = option->name };

        if (settings->n_services == SERVICES_MAX)
                return complain(STATUS_USAGE, _("--%s '%s': one call checks at most %d services"), option->name, value,
                                SERVICES_MAX);
        int r = endpoint_parse(value, &service.host, &service.port, &problem);
        if (r == -EINVAL)
                return complain_value(option, value, problem);
        if (r < 0)
                return complain_oom();
        settings->services[settings->n_services++] = service;
        return 0;
}

int apply_host(Settings *settings, const Option *option, const char *value) {
        const char *problem;
        char *host;

        int r = host_parse(value, &host, &problem);
        if (r == -EINVAL)
                return complain_value(option, value, problem);
        if (r < 0)
                return complain_oom();
        char **slot = member(settings, option);
        free(*slot);
        *slot = host;
        return 0;
}

int apply_timeout(Settings *settings, const Option *option, const char *value) {
        static const struct {
                const char *suffix;
                unsigned long ms;
        } units[] = { { "", 1000 }, { "s", 1000 }, { "ms", 1 }, { "min", 60000 } };

        size_t digits = strspn(value, "0123456789");
        for (size_t i = 0; digits > 0 && digits <= 6 && i < sizeof(units) / sizeof(units[0]); i++) {
                if (strcmp(value + digits, units[i].suffix))
                        continue;
                unsigned long ms = strtoul(value, NULL, 10) * units[i].ms;
                if (ms < TIMEOUT_MIN_MS || ms > TIMEOUT_MAX_MS)
                        return complain_value(option, value, N_("the time must be from 100ms to 600s"));
                settings->timeout_ms = (uint32_t) ms;
                return 0;
        }
        return complain_value(option, value, N_("a time is a whole number of seconds, or one with ms, s or min"));
}

int apply_mute(Settings *settings, const Option *option, const char *value) {
        static const struct {
                const char *suffix;
                uint64_t seconds;
        } units[] = { { "min", 60 }, { "h", 60 * 60 }, { "d", 24 * 60 * 60 } };

        size_t digits = strspn(value, "0123456789");
        for (size_t i = 0; digits > 0 && digits <= 4 && i < sizeof(units) / sizeof(units[0]); i++)
                if (!strcmp(value + digits, units[i].suffix)) {
                        settings->mute_usec = strtoul(value, NULL, 10) * units[i].seconds * 1000000;
                        if (settings->mute_usec > 0)
                                return 0;
                }
        return complain_value(option, value, N_("a time is a whole number above 0 with min, h or d, as in 8h"));
}

static const char *mechanism_problem(const char *word, size_t length) {
        static const char allowed[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        if (length == 0)
                return N_("a mechanism between two commas is missing");
        if (length > MECHANISM_MAX)
                return N_("the name of a mechanism has at most 20 characters");
        if (strspn(word, allowed) < length)
                return N_("mechanisms are words like PLAIN or SCRAM-SHA-256, with a comma between them");
        return NULL;
}

int apply_mechanisms(Settings *settings, const Option *option, const char *value) {
        size_t n = 1;
        for (const char *c = value; *c; c++)
                n += *c == ',';
        char **words = calloc(n + 1, sizeof(char *));
        if (!words)
                return complain_oom();

        /* The settings own it from here, complete or not. */
        Settings old = { .mechanisms = settings->mechanisms };
        settings_done(&old);
        settings->mechanisms = words;

        const char *word = value;
        for (size_t i = 0; i < n; i++) {
                size_t length = strcspn(word, ",");
                const char *problem = mechanism_problem(word, length);
                if (problem)
                        return complain_value(option, value, problem);
                words[i] = strndup(word, length);
                if (!words[i])
                        return complain_oom();
                word += length + 1;
        }
        return 0;
}

/* Never shows the value: what stands here by mistake may be the secret itself. */
static int apply_secret_fd(Settings *settings, const Option *option, const char *value) {
        char *end;
        errno = 0;
        unsigned long fd = strtoul(value, &end, 10);
        if (*value < '0' || *value > '9' || *end != '\0' || errno != 0 || fd > FD_MAX)
                return complain(STATUS_USAGE, _("--%s: its value must be the number of an open file descriptor"),
                                option->name);
        settings->secret_fd = (int) fd;
        return 0;
}

int apply_secret(Settings *settings, const Option *option, const char *value) {
        if (settings->secret != SECRET_NONE)
                return complain(STATUS_USAGE, _("--%s: the secret comes from --%s already"), option->name,
                                settings->secret_option);
        settings->secret = (SecretSource) (option->arg & ~SECRET_IS_TOKEN);
        settings->secret_is_token = option->arg & SECRET_IS_TOKEN;
        settings->secret_option = option->name;
        settings->secret_file = value;
        return settings->secret == SECRET_FD ? apply_secret_fd(settings, option, value) : 0;
}

int apply_guide_setting(Settings *settings, const Option *option, const char *value) {
        if (settings->n_guide_settings == GUIDE_SETTINGS_MAX)
                return complain(STATUS_USAGE, _("--%s '%s': one call takes at most %d settings"), option->name, value,
                                GUIDE_SETTINGS_MAX);
        settings->guide_settings[settings->n_guide_settings++] = value;
        return 0;
}

int apply_instance(Settings *settings, const Option *option, const char *value) {
        if (settings->instance != INSTANCE_DEFAULT && settings->instance != (Instance) option->arg)
                return complain(STATUS_USAGE, _("--%s: only one of --system, --session and --private can be meant"),
                                option->name);
        settings->instance = (Instance) option->arg;
        return 0;
}

int apply_refusal(Settings *settings, const Option *option, const char *value) {
        return complain(STATUS_USAGE, _("--%s: a secret is not taken from the command line, where other users can "
                                        "read it; use --password-file, --password-fd or --ask-password (for a "
                                        "token: --oauth2-token-file or --oauth2-token-fd)"), option->name);
}
