using System.Buffers;

namespace AgentPlatform.Executor.Documents.Terms;

/// <summary>
/// Takes the commonest English endings off, so that <c>configure</c>, <c>configured</c> and <c>configuration</c> meet. It need not be right, only the same
/// on both sides; words of other alphabets, short ones and those with digits stay as they are.
/// </summary>
internal static class Stem
{
    private const int Shortest = 3;
    private static readonly SearchValues<char> Vowels = SearchValues.Create("aeiouy");

    public static string Of(string word)
    {
        if (word.Length <= Shortest || !word.All(char.IsAsciiLetterLower))
        {
            return word;
        }

        var stem = Singular(word);
        foreach (var ending in (ReadOnlySpan<string>)["ation", "ing", "ed"])
        {
            if (stem.EndsWith(ending, StringComparison.Ordinal) && IsStem(stem.AsSpan(0, stem.Length - ending.Length), ending.Length > Shortest))
            {
                stem = Single(stem[..^ending.Length]);
                break;
            }
        }

        return stem.Length > Shortest && stem[^1] == 'e' ? stem[..^1] : stem;
    }

    private static string Singular(string word) => word switch
    {
        _ when word.EndsWith("ies", StringComparison.Ordinal) && word.Length > 4 => $"{word[..^3]}y",
        _ when word.EndsWith("sses", StringComparison.Ordinal) => word[..^2],
        _ when word[^1] == 's' && word[^2] is not ('s' or 'u' or 'i') => word[..^1],
        _ => word,
    };

    /// <summary>Something is left that can be a word: <c>running</c> has one in it, <c>string</c> and <c>station</c> do not.</summary>
    private static bool IsStem(ReadOnlySpan<char> rest, bool isLong) => rest.Length >= (isLong ? Shortest + 1 : Shortest) && rest.ContainsAny(Vowels);

    /// <summary><c>stopp</c> is <c>stop</c>; <c>call</c>, <c>pass</c> and <c>buzz</c> end so by themselves.</summary>
    private static string Single(string stem) =>
        stem.Length > Shortest && stem[^1] == stem[^2] && stem[^1] is not ('l' or 's' or 'z') ? stem[..^1] : stem;
}
