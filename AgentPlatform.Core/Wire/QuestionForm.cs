namespace AgentPlatform.Core.Wire;

/// <summary>
/// Which spellings of a question an agent's cache takes for the same. The defaults merge only what no agent answers differently; an agent
/// that knows its questions may merge more, or less.
/// </summary>
public readonly record struct QuestionForm(QuestionUnicode Unicode, QuestionWhiteSpace WhiteSpace, QuestionCase Case)
{
    public bool IsDefault => this == default;
}

/// <summary>Which characters are the same.</summary>
public enum QuestionUnicode
{
    /// <summary>Canonically equal ones, and the full-width forms of ASCII.</summary>
    Nfc,

    /// <summary>Compatible ones too: ligatures, circled digits, half-width kana; but 2³ becomes 23.</summary>
    Nfkc,
}

/// <summary>What white space says.</summary>
public enum QuestionWhiteSpace
{
    /// <summary>Around the text nothing, within one line one space; the white space of several lines may be code and stays.</summary>
    Collapse,

    /// <summary>Every character counts.</summary>
    Exact,
}

/// <summary>Whether upper and lower case differ.</summary>
public enum QuestionCase
{
    Exact,
    Ignore,
}
