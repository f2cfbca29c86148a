-- What is remembered of conversations: hashes under a secret key, no text. A thread's name is when it was first seen, in milliseconds since 1970, times 2^20, plus chance.

CREATE TABLE thread_mark (
    mark   BIGINT NOT NULL,            -- of a Message-ID, a subject, or words
    thread BIGINT NOT NULL,
    ours   BIGINT NOT NULL,            -- 1: we wrote it
    PRIMARY KEY (mark, thread)
) $compact$;

CREATE TABLE thread_party (
    thread BIGINT NOT NULL,
    party  BIGINT NOT NULL,            -- of an address, a domain, a name, a network, or a host
    PRIMARY KEY (thread, party)
) $compact$;
