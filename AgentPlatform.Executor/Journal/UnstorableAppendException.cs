namespace AgentPlatform.Executor.Journal;

/// <summary>
/// Postgres refuses the content of this one append (for example U+0000 or half a surrogate pair in a text). Nothing of it
/// is stored, and trying again cannot help.
/// </summary>
internal sealed class UnstorableAppendException(JournalAppend append, Exception innerException)
    : Exception($"The append at {append.FirstSeq} of run {append.RunId} holds data that Postgres cannot store.", innerException);
