using Xunit;

namespace AgentPlatform.Tests.EndToEnd.OpenAI;

/// <summary>The classes that share <see cref="OpenAIStack"/>.</summary>
[CollectionDefinition(Name)]
public sealed class SharedOpenAIStack : ICollectionFixture<OpenAIStack>
{
    public const string Name = "end to end with OpenAI's clients";
}
