using System.Text.RegularExpressions;

namespace AgentPlatform.Executor.Documents.Terms;

/// <summary>Words that say that something is asked, not what.</summary>
internal static partial class StopWords
{
    public static readonly string[] English =
    [
        "a", "about", "all", "also", "am", "an", "and", "any", "are", "as", "at", "be", "been", "but", "by", "can", "could", "did", "do", "does", "doing",
        "done", "else", "ever", "every", "explain", "for", "from", "get", "give", "gets", "go", "goes", "going", "had", "happen", "happens", "has", "have", "how", "i",
        "if", "in", "into", "is", "it", "its", "just", "know", "let", "like", "ll", "make", "many", "may", "me", "mean", "might", "mine", "much", "must", "my", "need",
        "no", "not", "of", "off", "on", "one", "only", "or", "our", "out", "over", "own", "please", "re", "s", "same", "see", "shall", "should", "show", "so",
        "some", "something", "t", "tell", "than", "that", "the", "their", "them", "then", "there", "these", "they", "thing", "things", "this", "those", "to", "too",
        "up", "use", "us", "ve", "very", "want", "was", "way", "we", "were", "what", "when", "where", "whether", "which", "while", "who", "whose", "why", "will",
        "with", "without", "would", "you", "your",
    ];

    /// <summary>They are cut out of the text before it falls into pairs, longer ones first.</summary>
    [GeneratedRegex("怎么样|为什么|什么时候|是不是|有没有|能不能|可不可以|怎么办|怎么|怎样|如何|什么|哪些|哪里|哪个|哪儿|哪种|多少|多久|多长|是否|能否|可以|请问|应该|一个|一下|我们|你们|他们|我|你|它|的|了|吗|呢|吧|啊|呀|想|请|让|把|被|会不会|不会|如果|时候|时|是")]
    public static partial Regex Chinese();
}
