using Xunit;

namespace AgentPlatform.Tests.EndToEnd;

/// <summary>The classes that share <see cref="ModelStack"/>.</summary>
[CollectionDefinition(Name)]
public sealed class SharedModelStack : ICollectionFixture<ModelStack>
{
    public const string Name = "end to end with a model server";
}
