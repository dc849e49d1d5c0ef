using ProxyKit.Rules.UserLists;

namespace ProxyKit.HAProxyConfig.Tests.Sections;

public sealed class UserListTests
{
    private const string Frontend = "frontend f\nmode http\ntimeout client 1s\nbind :80\n";

    [Fact]
    public void Users_and_groups_become_options()
    {
        var list = List(
            "userlist site\ngroup admins users al,bo\ngroup rest\nuser al password $5$salt$hash groups rest\nuser bo insecure-password p:w\nuser cy\n" + Frontend);

        Assert.Equal("site", list.Name);
        Assert.Equal(["admins", "rest"], list.Groups.Select(static g => g.Name));
        Assert.Equal(["al", "bo"], list.Groups[0].Users);
        Assert.Equal(
            [("al", "$5$salt$hash", null), ("bo", null, "p:w"), ("cy", null, (string?)null)],
            list.Users.Select(static u => (u.Name, u.PasswordHash, u.InsecurePassword)));
        Assert.Equal(["rest"], list.Users[0].Groups);
    }

    [Fact]
    public void Of_two_passwords_the_later_one_counts()
    {
        var user = List($"userlist l\nuser a password $6$s$h insecure-password x\n{Frontend}").Users[0];

        Assert.Equal((null, "x"), (user.PasswordHash, user.InsecurePassword));
    }

    [Fact]
    public void Second_of_a_name_is_passed_over_with_a_warning()
    {
        var result = Reading.Of($"userlist l\ngroup g\ngroup g users a\nuser a insecure-password 1\nuser a insecure-password 2\n{Frontend}");

        Assert.Equal(
            ["parsing [a.cfg:3]: ignoring duplicated group 'g' in userlist 'l'.", "parsing [a.cfg:5]: ignoring duplicated user 'a' in userlist 'l'."],
            result.Warnings());
        Assert.True(result.IsValid, result.ToString());
        Assert.Equal("1", result.Options.UserLists[0].Users[0].InsecurePassword);
    }

    [Theory]
    [InlineData("user a password", "parsing [a.cfg:2]: 'password' of user 'a' expects <password>.")]
    [InlineData("user a password plain", "parsing [a.cfg:2]: the encrypted password of user 'a' is of a kind that is not supported: '$5$' and '$6$' are.")]
    [InlineData("user a foo bar", "parsing [a.cfg:2]: unknown parameter 'foo' of user 'a'; 'password', 'insecure-password' and 'groups' are such.")]
    [InlineData("user a insecure-password my secret", "parsing [a.cfg:2]: unknown parameter behind the password of user 'a'; 'groups' is one, and a password with blanks in it stands in quotes.")]
    [InlineData("group g foo", "parsing [a.cfg:2]: unknown parameter 'foo' in group 'g'; 'users' is one.")]
    [InlineData("group g users nobody", "parsing [a.cfg:2] : userlist 'l': no such user 'nobody' specified in group 'g'.")]
    [InlineData("user a groups none", "parsing [a.cfg:2] : userlist 'l': no such group 'none' specified in user 'a'.")]
    [InlineData("user", "parsing [a.cfg:2] : 'user' expects <name> [{password|insecure-password} <password>] [groups <group>,...].")]
    public void Fault_is_told(string line, string message) => Assert.Equal(message, Reading.Alert($"userlist l\n{line}\n{Frontend}"));

    [Fact]
    public void List_without_a_name_is_refused() =>
        Assert.Equal("parsing [a.cfg:1]: 'userlist' expects <name> as arguments.", Reading.Alert($"userlist\nuser a\n{Frontend}"));

    [Fact]
    public void Two_lists_of_a_name_are_refused() =>
        Assert.StartsWith("parsing [a.cfg:2]: userlist 'l' has the same name", Reading.Alert($"userlist l\nuserlist l\n{Frontend}"), StringComparison.Ordinal);

    private static UserListOptions List(string text)
    {
        var result = Reading.Of(text);
        Assert.True(result.IsValid, result.ToString());
        return Assert.Single(result.Options.UserLists);
    }
}
