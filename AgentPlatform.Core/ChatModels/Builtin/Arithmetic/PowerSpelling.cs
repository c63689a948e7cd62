namespace AgentPlatform.Core.ChatModels.Builtin.Arithmetic;

/// <summary>How powers and roots are written: calculators differ in what they read.</summary>
internal enum PowerSpelling
{
    /// <summary><c>3 ^ 4</c>, <c>sqrt(16)</c></summary>
    Caret,

    /// <summary><c>3 * 3 * 3 * 3</c>, <c>16 ^ 0.5</c></summary>
    Product,
}
