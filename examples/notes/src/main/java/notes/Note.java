package notes;

/** @param version 1 for a new note, one more with each change; what its ETag says */
record Note(long id, long version, String title, String text) {}
