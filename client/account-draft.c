/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Options into keys of the file; and the editor of whoever prefers to write them down. */

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "account-draft.h"
#include "complain.h"
#include "i18n.h"
#include "ini-edit.h"
#include "text-file.h"

/* ---- options ---- */

bool draft_is_wanted(const Settings *settings) {
        return settings->n_services > 0 || settings->address || settings->name || settings->user || settings->credential ||
               settings->mechanisms || settings->connect_to || settings->tls_name || settings->allow_cleartext_login ||
               settings->security || settings->security_imap || settings->security_pop3 || settings->security_smtp;
}

static char *join_mechanisms(char *const *mechanisms) {
        char *text = NULL;
        size_t size;
        FILE *stream = open_memstream(&text, &size);
        if (!stream)
                return NULL;
        for (size_t i = 0; mechanisms[i]; i++)
                fprintf(stream, "%s%s", i > 0 ? " " : "", mechanisms[i]);
        fclose(stream);
        return text;
}

static int apply_account(const Settings *settings, char **text) {
        char secret[128] = "", *mechanisms = settings->mechanisms ? join_mechanisms(settings->mechanisms) : NULL;
        const struct {
                const char *key, *value;
        } values[] = {
                { "name", settings->name },
                { "address", settings->address },
                { "username", settings->user },
                { "auth", mechanisms },
                { "secret", settings->credential ? secret : NULL },
        };
        int r = 0;

        if (settings->credential)
                snprintf(secret, sizeof(secret), !strcmp(settings->credential, "none") ? "%.100s" : "credential:%.100s",
                         settings->credential);
        for (size_t i = 0; r >= 0 && i < sizeof(values) / sizeof(values[0]); i++)
                if (values[i].value)
                        r = ini_edit(text, "account", values[i].key, values[i].value);
        free(mechanisms);
        return r;
}

/* --security is for the services that are named; --imap-security and its like for one that may be there already. */
static const char *security_of(const Settings *settings, const char *protocol) {
        const struct {
                const char *protocol, *security;
        } of[] = {
                { "imap", settings->security_imap },
                { "pop3", settings->security_pop3 },
                { "smtp", settings->security_smtp },
        };
        for (size_t i = 0; i < sizeof(of) / sizeof(of[0]); i++)
                if (!strcmp(of[i].protocol, protocol) && of[i].security)
                        return of[i].security;
        return NULL;
}

/* Another host has its own port: where none is named, the usual one. */
static int apply_service(const Settings *settings, const Service *service, char **text) {
        const char *security = security_of(settings, service->protocol);
        char port[8];

        snprintf(port, sizeof(port), "%u", service->port);
        int r = ini_edit(text, service->protocol, "host", service->host);
        if (r >= 0)
                r = ini_edit(text, service->protocol, "port", service->port ? port : NULL);
        if (r >= 0 && (security || settings->security))
                r = ini_edit(text, service->protocol, "security", security ? security : settings->security);
        if (r >= 0 && settings->connect_to)
                r = ini_edit(text, service->protocol, "connect-to", settings->connect_to);
        if (r >= 0 && settings->tls_name)
                r = ini_edit(text, service->protocol, "tls-name", settings->tls_name);
        if (r >= 0 && settings->allow_cleartext_login)
                r = ini_edit(text, service->protocol, "allow-cleartext-login", "yes");
        return r;
}

static int apply_securities(const Settings *settings, char **text) {
        static const char *const protocols[] = { "imap", "pop3", "smtp" };
        int r = 0;

        for (size_t i = 0; r >= 0 && i < sizeof(protocols) / sizeof(protocols[0]); i++)
                if (security_of(settings, protocols[i]))
                        r = ini_edit(text, protocols[i], "security", security_of(settings, protocols[i]));
        return r;
}

/* What is for services needs one. */
static int check_options(const Settings *settings) {
        const struct {
                const char *option;
                bool given;
        } options[] = {
                { "security", settings->security },
                { "connect-to", settings->connect_to },
                { "tls-name", settings->tls_name },
                { "allow-cleartext-login", settings->allow_cleartext_login },
        };
        for (size_t i = 0; i < sizeof(options) / sizeof(options[0]); i++)
                if (options[i].given && settings->n_services == 0)
                        return complain(STATUS_USAGE, _("--%s: for which server? Name it with --imap, --pop3 or --smtp"),
                                        options[i].option);
        for (size_t i = 1; i < settings->n_services; i++)
                for (size_t k = 0; k < i; k++)
                        if (!strcmp(settings->services[i].protocol, settings->services[k].protocol))
                                return complain(STATUS_USAGE, _("--%s: an account made here has one server of each kind; a "
                                                                "second one is added in an editor"),
                                                settings->services[i].protocol);
        return 0;
}

int draft_apply(const Settings *settings, char **text) {
        int status = check_options(settings);
        if (status != 0)
                return status;
        int r = apply_account(settings, text);
        for (size_t i = 0; r >= 0 && i < settings->n_services; i++)
                r = apply_service(settings, &settings->services[i], text);
        if (r >= 0)
                r = apply_securities(settings, text);
        return r < 0 ? complain_oom() : 0;
}

/* ---- an editor ---- */

static const char *editor(void) {
        const char *visual = getenv("VISUAL"), *plain = getenv("EDITOR");
        return visual && *visual ? visual : plain && *plain ? plain : "vi";
}

/* The variable may hold options, so a shell takes it apart. */
static int run_editor(const char *path) {
        char command[512];
        int state;

        snprintf(command, sizeof(command), "exec %.480s \"$1\"", editor());
        pid_t pid = fork();
        if (pid < 0)
                return complain(STATUS_UNKNOWN, _("cannot start an editor: %s"), strerror(errno));
        if (pid == 0) {
                execl("/bin/sh", "sh", "-c", command, "sh", path, (char *) NULL);
                _exit(127);
        }
        while (waitpid(pid, &state, 0) < 0)
                if (errno != EINTR)
                        return complain(STATUS_UNKNOWN, _("lost the editor: %s"), strerror(errno));
        if (!WIFEXITED(state) || WEXITSTATUS(state) != 0)
                return complain(STATUS_UNKNOWN, _("the editor '%s' ended without success; nothing was changed"), editor());
        return 0;
}

int draft_edit(const char *id, char **text) {
        const char *folder = getenv("TMPDIR");
        char path[512];

        snprintf(path, sizeof(path), "%.300s/maildiag-%.64s-XXXXXX.conf", folder && *folder == '/' ? folder : "/tmp", id);
        int fd = mkostemps(path, strlen(".conf"), O_CLOEXEC);
        if (fd < 0)
                return complain(STATUS_UNKNOWN, _("cannot make a file to edit: %s"), strerror(errno));
        int status = text_file_fill(fd, path, *text);
        close(fd);
        if (status == 0)
                status = run_editor(path);
        if (status == 0) {
                char *edited;
                status = text_file_read(path, &edited, NULL);
                if (status == 0) {
                        free(*text);
                        *text = edited;
                }
        }
        unlink(path);
        return status;
}

bool draft_again(void) {
        char line[16];

        if (!isatty(STDIN_FILENO))
                return false;
        fprintf(stderr, "%s ", _("Edit it again? [y/N]"));
        return fgets(line, sizeof(line), stdin) && (line[0] == 'y' || line[0] == 'Y');
}
