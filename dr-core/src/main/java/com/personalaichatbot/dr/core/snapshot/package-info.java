/**
 * What a repository holds of an application: snapshots, why they were taken, and how far they can
 * be relied on. Plain values, safe to share between threads.
 */
package com.personalaichatbot.dr.core.snapshot;
