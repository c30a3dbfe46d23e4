/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Plays the server's part of a script: a thread for each connection. */

#include <assert.h>
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <regex.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "player.h"

/* Results of a step: negative: the script is over, something went otherwise than it says. */
enum {
        STEP_NEXT = 0,
        STEP_OVER = 1,
};

typedef struct Connection {
        const Play *play;
        const Step *steps;
        size_t n_steps;
        bool first;
        unsigned n_said;                /* lines of the server */
        bool heard_goodbye;             /* the script has it; there is only one */
        Words words;
        Account *account;
        Channel channel;
        int fd;
        pthread_t thread;
} Connection;

static char *expand_step(Connection *c, const Step *step, size_t *ret_size) {
        const char *reason = NULL;
        char *bytes = expand(&c->words, step->text, ret_size, &reason);

        if (!bytes)
                account_deviate(c->account, step->line, "%s", reason);
        return bytes;
}

/* ---- the server speaks ---- */

static bool is_cut_here(Connection *c) {
        c->n_said++;
        return c->play->mode == MODE_CUT && c->first && c->n_said == c->play->cut;
}

static int play_cut(Connection *c, const Step *step) {
        channel_flush(&c->channel);
        channel_cut(&c->channel, step && step->kind == STEP_CLOSE);
        channel_drain(&c->channel, -1);
        return STEP_OVER;
}

static int say(Connection *c, const Step *step, const char *end, bool together) {
        size_t size;
        char *bytes = expand_step(c, step, &size);
        if (!bytes)
                return -EINVAL;
        channel_say(&c->channel, bytes, size, together);
        channel_say(&c->channel, end, strlen(end), false);
        free(bytes);
        return STEP_NEXT;
}

static int play_say(Connection *c, const Step *step) {
        int r = say(c, step, "\r\n", false);
        if (r < 0)
                return r;
        return is_cut_here(c) ? play_cut(c, NULL) : STEP_NEXT;
}

static int play_raw(Connection *c, const Step *step) {
        return say(c, step, "", step->kind == STEP_INJECT);
}

static int play_repeat(Connection *c, const Step *step) {
        bool cut = is_cut_here(c);

        for (c->words.number = 1; c->words.number <= step->number; c->words.number++) {
                int r = say(c, step, "\r\n", false);
                if (r < 0)
                        return r;
                if (cut)
                        return play_cut(c, NULL);
                if (channel_flush(&c->channel) < 0)
                        return STEP_OVER;
        }
        return STEP_NEXT;
}

/* FLOOD and DRIP end when the client is gone. */
static int play_endless(Connection *c, const Step *step) {
        size_t size, chunk = step->kind == STEP_DRIP ? 1 : 16 * 1024, n = 0;
        char *bytes = expand_step(c, step, &size), *pattern = malloc(chunk);
        assert(bytes && size > 0 && pattern);

        account_log(c->account, "-- without end: ", bytes, size);
        c->channel.by_byte = false;
        for (;;) {
                for (size_t i = 0; i < chunk; i++)
                        pattern[i] = bytes[n++ % size];
                channel_say(&c->channel, pattern, chunk, false);
                size_t log = c->account->n_log;
                int r = channel_flush(&c->channel);
                c->account->n_log = log;
                if (r < 0 || channel_drain(&c->channel, step->number))
                        break;
        }
        free(pattern);
        free(bytes);
        return STEP_OVER;
}

/* ---- goodbye ---- */

/* What a server says to a goodbye of its protocol; NULL for any other line. */
static const char *goodbye_answer(const char *plugin, const char *line) {
        static const struct {
                const char *pattern, *answer;
        } goodbyes[] = {
                { "^smtp QUIT$",                "221 2.0.0 Bye\r\n"                                    },
                { "^pop3 QUIT$",                "+OK Bye\r\n"                                          },
                { "^imap [A-Za-z0-9]+ LOGOUT$", "* BYE Logging out\r\n${tag} OK Logout completed.\r\n" },
                { "^sieve LOGOUT$",             "OK \"Logout completed.\"\r\n"                         },
        };
        char said[256];

        snprintf(said, sizeof(said), "%s %s", plugin, line);
        for (size_t i = 0; i < sizeof(goodbyes) / sizeof(goodbyes[0]); i++) {
                regex_t pattern;
                if (regcomp(&pattern, goodbyes[i].pattern, REG_EXTENDED | REG_NOSUB) != 0)
                        abort();
                bool fits = regexec(&pattern, said, 0, NULL, 0) == 0;
                regfree(&pattern);
                if (fits)
                        return goodbyes[i].answer;
        }
        return NULL;
}

/* ---- the client speaks ---- */

static int hear(Connection *c, const Step *step, char **ret_line) {
        char *line = NULL;

        channel_flush(&c->channel);
        int r = channel_hear(&c->channel, &line);
        if (r > 0) {
                words_hear(&c->words, line);
                c->heard_goodbye = c->heard_goodbye || goodbye_answer(c->play->script->plugin, line);
                *ret_line = line;
                return STEP_NEXT;
        }
        account_deviate(c->account, step->line, "\"%s\" was due, but the client %s", step->text,
                        r == 0 ? "left" : r == -ETIMEDOUT ? "says nothing" : "said a line without CR LF");
        free(line);
        return -EPROTO;
}

static int play_hear(Connection *c, const Step *step) {
        size_t size;
        char *line = NULL;

        if (hear(c, step, &line) < 0)
                return -EPROTO;
        char *due = expand_step(c, step, &size);
        if (due && strcmp(line, due))
                account_deviate(c->account, step->line, "the client says \"%s\" instead of \"%s\"", line,
                                due);
        free(due);
        free(line);
        return c->account->deviation[0] ? -EPROTO : STEP_NEXT;
}

static void keep_groups(Words *words, const char *line, const regmatch_t *groups) {
        for (size_t i = 0; i < WORDS_GROUPS; i++) {
                free(words->groups[i]);
                words->groups[i] = groups[i].rm_so < 0 ? NULL :
                        strndup(line + groups[i].rm_so, groups[i].rm_eo - groups[i].rm_so);
        }
}

static int play_hear_like(Connection *c, const Step *step) {
        regmatch_t groups[WORDS_GROUPS];
        regex_t pattern;
        char *line = NULL;

        if (regcomp(&pattern, step->text, REG_EXTENDED) != 0) {
                account_deviate(c->account, step->line, "bad pattern");
                return -EINVAL;
        }
        if (hear(c, step, &line) < 0) {
                regfree(&pattern);
                return -EPROTO;
        }
        if (regexec(&pattern, line, WORDS_GROUPS, groups, 0) == 0 && groups[0].rm_so == 0 &&
            !line[groups[0].rm_eo])
                keep_groups(&c->words, line, groups);
        else
                account_deviate(c->account, step->line, "the client says \"%s\"", line);
        regfree(&pattern);
        free(line);
        return c->account->deviation[0] ? -EPROTO : STEP_NEXT;
}

/* ---- neither speaks ---- */

static int play_tls(Connection *c, const Step *step) {
        channel_flush(&c->channel);
        int r = channel_start_tls(&c->channel, c->play->credentials);
        if (r < 0)
                account_deviate(c->account, step ? step->line : 1, "TLS handshake: %s", gnutls_strerror(r));
        return r < 0 ? -EPROTO : STEP_NEXT;
}

static int play_delay(Connection *c, const Step *step) {
        channel_flush(&c->channel);
        usleep(step->number * 1000);
        return STEP_NEXT;
}

static int play_stall(Connection *c, const Step *step) {
        channel_flush(&c->channel);
        if (!channel_drain(&c->channel, -1))
                account_deviate(c->account, step->line, "the client never gives up");
        return STEP_OVER;
}

static int play_reset(Connection *c, const Step *step) {
        channel_flush(&c->channel);
        channel_reset(&c->channel);
        return STEP_OVER;
}

static int (*const step_players[])(Connection *c, const Step *step) = {
        [STEP_SAY] = play_say,
        [STEP_HEAR] = play_hear,
        [STEP_HEAR_LIKE] = play_hear_like,
        [STEP_INJECT] = play_raw,
        [STEP_RAW] = play_raw,
        [STEP_REPEAT] = play_repeat,
        [STEP_FLOOD] = play_endless,
        [STEP_DRIP] = play_endless,
        [STEP_DELAY] = play_delay,
        [STEP_TLS] = play_tls,
        [STEP_STALL] = play_stall,
        [STEP_CUT] = play_cut,
        [STEP_CLOSE] = play_cut,
        [STEP_RESET] = play_reset,
};

/* ---- after the script ---- */

static void answer_goodbye(Connection *c, const char *line) {
        const char *answer = goodbye_answer(c->play->script->plugin, line);

        if (!answer || c->heard_goodbye) {
                account_deviate(c->account, 0, "after the last line of the script the client says \"%s\"",
                                line);
                return;
        }
        words_hear(&c->words, line);
        say(c, &(Step) { .text = answer }, "", false);
        channel_flush(&c->channel);
}

/* The client leaves, with or without a goodbye. */
static void play_goodbye(Connection *c) {
        char *line = NULL;

        channel_flush(&c->channel);
        int r = channel_hear(&c->channel, &line);
        if (r == -ETIMEDOUT)
                account_deviate(c->account, 0, "the client never leaves");
        if (line)
                answer_goodbye(c, line);
        free(line);
        if (r <= 0)
                return;
        channel_cut(&c->channel, true);
        channel_drain(&c->channel, -1);
}

/* ---- connections ---- */

static void play_section(Connection *c) {
        bool implicit = c->first && c->play->security == MD_SECURITY_TLS && c->play->script->certificate;
        int r = implicit ? play_tls(c, NULL) : STEP_NEXT;

        for (size_t i = 0; i < c->n_steps && r == STEP_NEXT; i++)
                r = step_players[c->steps[i].kind](c, &c->steps[i]);
        if (r == STEP_NEXT)
                play_goodbye(c);
        if (r < 0) {
                channel_cut(&c->channel, false);
                channel_drain(&c->channel, -1);
        }
}

static void *serve(void *userdata) {
        Connection *c = userdata;

        channel_init(&c->channel, c->fd, c->play->mode == MODE_BYTES, c->account);
        play_section(c);
        channel_done(&c->channel);
        words_done(&c->words);
        return NULL;
}

static void accept_one(const Play *play, int listener, PlayReport *report, Connection *connections) {
        int fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
        unsigned n = report->n_connections;
        size_t n_steps;

        if (fd < 0)
                return;
        const Step *steps = script_section(play->script, n, &n_steps);
        if (!steps || n >= PLAY_CONNECTIONS_MAX) {
                close(fd);
                return;
        }
        connections[n] = (Connection) {
                .play = play, .steps = steps, .n_steps = n_steps, .first = n == 0, .words = play->words,
                .account = &report->accounts[n], .fd = fd,
        };
        report->n_connections++;
        if (pthread_create(&connections[n].thread, NULL, serve, &connections[n]) != 0)
                abort();
}

void player_run(const Play *play, int listener, int stop, PlayReport *report) {
        Connection *connections = calloc(PLAY_CONNECTIONS_MAX, sizeof(Connection));
        struct pollfd fds[] = { { .fd = listener, .events = POLLIN }, { .fd = stop, .events = POLLIN } };
        if (!connections)
                abort();

        while (poll(fds, 2, -1) >= 0 && !fds[1].revents)
                accept_one(play, listener, report, connections);
        for (unsigned i = 0; i < report->n_connections; i++)
                pthread_join(connections[i].thread, NULL);
        free(connections);
}
