using AgentPlatform.Core.AnswerCache;
using CsCheck;
using Xunit;

namespace AgentPlatform.Tests.Core.AnswerCache;

public sealed class AnswerKeyTests
{
    private static readonly AnswerKeyParts Example = new("local", "default", "v1", "builtin", "", HistoryDigest.Empty, "What is 2+2?");

    // Texts that are nothing but themselves after normalisation, and short enough to collide if anything can.
    private static readonly Gen<string> GenText = Gen.Char["ab:1"].Array[0, 4].Select(chars => new string(chars));
    private static readonly Gen<string[]> GenParts = GenText.Array[7];

    [Fact]
    public void Any_change_of_any_part_changes_the_key() =>
        Gen.Select(GenParts, Gen.Int[0, 6], GenText).Sample((parts, which, other) =>
        {
            var changed = parts.ToArray();
            changed[which] = other;
            return (Key(parts) == Key(changed)) == (parts[which] == other);
        });

    [Fact]
    public void No_two_lists_of_parts_share_a_key() =>
        Gen.Select(GenParts, GenParts).Sample((one, other) => (Key(one) == Key(other)) == one.SequenceEqual(other));

    [Fact]
    public void A_text_that_moves_over_the_boundary_of_two_parts_changes_the_key() =>
        Gen.Select(GenParts, Gen.Int[0, 5]).Where((parts, at) => parts[at].Length > 0).Sample((parts, at) =>
        {
            var moved = parts.ToArray();
            moved[at + 1] = moved[at][^1] + moved[at + 1];
            moved[at] = moved[at][..^1];
            return Key(parts) != Key(moved);
        });

    [Theory]
    [InlineData("What is 2+2?", "  What   is\t2+2?  ")]
    [InlineData("caf\u00e9", "cafe\u0301")]
    [InlineData("1+1=?", "１＋１＝？")]
    [InlineData("你好 世界?", "你好　世界？")]
    [InlineData("a\nb", "a\r\nb\n")]
    public void Spellings_of_the_same_question_share_a_key(string one, string other) =>
        Assert.Equal(Question(one), Question(other));

    [Theory]
    [InlineData("What is 2³?", "What is 23?")]
    [InlineData("Polish", "polish")]
    [InlineData("What is 1 2?", "What is 12?")]
    [InlineData("if a:\n  b\nc", "if a:\n  b\n  c")]
    public void Questions_that_an_agent_could_tell_apart_do_not(string one, string other) =>
        Assert.NotEqual(Question(one), Question(other));

    [Fact]
    public void Half_a_character_is_a_text_like_any_other() =>
        Assert.NotEqual(Question(new string('\ud83d', 1)), Question(new string('\ud83e', 1)));

    [Fact]
    public void The_key_of_stored_answers_stays_what_it_is() =>
        Assert.StartsWith("f3127cc1395ba3942b64", Question("What is 2+2?").ToString());

    [Fact]
    public void A_history_has_an_order_and_boundaries_and_none_is_empty()
    {
        Assert.Equal(HistoryDigest.Empty, HistoryDigest.Of([]));
        Assert.NotEqual(HistoryDigest.Empty, HistoryDigest.Of([("", "")]));
        Assert.Equal(HistoryDigest.Of([("a", "b"), ("c", "d")]), HistoryDigest.Of([("a", "b"), ("c", "d")]));
        Assert.NotEqual(HistoryDigest.Of([("a", "b"), ("c", "d")]), HistoryDigest.Of([("c", "d"), ("a", "b")]));
        Assert.NotEqual(HistoryDigest.Of([("a", "bc")]), HistoryDigest.Of([("ab", "c")]));
    }

    private static AnswerKey Question(string question) => AnswerKey.Of(Example with { Question = question });

    private static AnswerKey Key(string[] parts) =>
        AnswerKey.Of(new AnswerKeyParts(parts[0], parts[1], parts[2], parts[3], parts[4], parts[5], parts[6]));
}
