namespace AgentPlatform.Core.ChatModels.Builtin.Arithmetic;

internal enum TokenKind
{
    Number,

    /// <summary>One of + - * / ^</summary>
    Operator,
    Percent,

    /// <summary>"of", as in 17% of 2340.</summary>
    Of,

    /// <summary>"off", as in 20% off 80.</summary>
    Off,
    Open,
    Close,

    /// <summary>"square root of".</summary>
    Root,

    /// <summary>An operation named before its operands: "the sum of 3 and 4". The text is its operator; "r-" means subtract from.</summary>
    Prefix,

    /// <summary>"and", "by", "from", "to": between the operands of a prefix operation.</summary>
    Joiner,
    Comma,

    /// <summary>Any other word: no expression reaches across it.</summary>
    Break,
}
