/**
 * Keys, keyed ids and sealed bytes.
 *
 * <p>The way through the package: a {@link Secret} opens a {@link KeySlot} and yields the
 * {@link RootKey}; the root key derives the {@link RepositoryKeys} of one repository; these make an
 * {@link IdHasher} that names content by a {@link KeyedId}, and {@link SealKey}s, each of which
 * gives every sealed container a {@link Sealer} of its own.
 *
 * <p>All integers in stored bytes are big-endian. Suite 1 is AES-256-GCM, HKDF-SHA-512,
 * HMAC-SHA-256 and Argon2id. Secret bytes are wiped when the object that holds them is closed; a
 * moving garbage collector, swap and core dumps are out of reach, so the wipe shortens the life of
 * a secret in memory and does not promise its end.
 *
 * <p>Arguments that no caller should pass are refused with {@code IllegalArgumentException} or
 * {@code NullPointerException} before anything has happened; use after {@code close()} is an
 * {@code IllegalStateException}; what depends on stored or typed data is a checked
 * {@link CryptoException}. No message holds a secret.
 */
package com.personalaichatbot.dr.crypto;
