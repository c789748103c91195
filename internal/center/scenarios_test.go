package center_test

import (
	"strings"
	"testing"

	"gatehouse/internal/model"
)

// saved saves the question about the developer's role with its verdicts.
func (f *firm) saved(t *testing.T, name string) model.Scenario {
	t.Helper()
	s, err := f.c.SaveAnswer(t.Context(), f.administrator, name, f.question("s3:GetObject", "s3:PutObject"))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// failing is how many cases of a scenario do not hold now.
func (f *firm) failing(t *testing.T, id model.ScenarioID) int {
	t.Helper()
	proof, err := f.c.Scenario(t.Context(), f.auditor, id)
	if err != nil {
		t.Fatal(err)
	}
	all, err := f.c.Scenarios(t.Context(), f.auditor)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range all {
		if p.ID == id && p.Failing() != proof.Failing() {
			t.Errorf("the list says %d cases fail, the scenario %d", p.Failing(), proof.Failing())
		}
	}
	return proof.Failing()
}

func TestAnAnswerIsSavedWithACaseForEachVerdict(t *testing.T) {
	t.Parallel()
	f := openFirm(t)
	s := f.saved(t, " Developers build ")
	f.trail(t, "Saved the scenario Developers build")
	var cases []string
	for _, c := range s.Cases {
		cases = append(cases, strings.Join(c.Actions, " ")+" on "+strings.ReplaceAll(strings.Join(c.Resources, " "), "arn:aws:s3:::", "")+" "+c.Expect)
	}
	want := "s3:GetObject s3:PutObject on builds/app.zip allowed|s3:GetObject on builds/secret/key explicitDeny|" +
		"s3:GetObject s3:PutObject on other/x implicitDeny|s3:PutObject on builds/secret/key allowed"
	if got := strings.Join(cases, "|"); got != want {
		t.Errorf("cases are\n%s\nwant\n%s", got, want)
	}
	proof, err := f.c.Scenario(t.Context(), f.auditor, s.ID)
	if err != nil || proof.Name != "Developers build" || proof.Version != 1 || proof.Failing() != 0 || len(proof.Cases) != 4 {
		t.Errorf("Scenario() = %s version %d, %d of %d fail, %v", proof.Name, proof.Version, proof.Failing(), len(proof.Cases), err)
	}
}

func TestAScenarioFailsWhenAccessChanges(t *testing.T) {
	t.Parallel()
	f := openFirm(t)
	s := f.saved(t, "Developers build")
	changed := f.set
	changed.InlinePolicy = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:PutObject","Resource":"*"}]}`
	if _, err := f.c.UpdatePermissionSet(t.Context(), host, changed, ""); err != nil {
		t.Fatal(err)
	}
	if got := f.failing(t, s.ID); got != 3 {
		t.Errorf("%d cases fail, want three: reading builds, the denied secret, writing elsewhere", got)
	}
	if err := f.c.DeleteUser(t.Context(), host, f.developer.User, ""); err != nil {
		t.Fatal(err)
	}
	proof, err := f.c.Scenario(t.Context(), f.auditor, s.ID)
	if err != nil || proof.Failing() != 4 || proof.Cases[0].Err == nil {
		t.Errorf("without the person: %d fail, %v", proof.Failing(), err)
	}
	if words := fields(t, proof.Cases[0].Err, model.Invalid)["user"]; words != "This person is not in the directory any more." {
		t.Errorf("the case says %q", words)
	}
}

func TestAScenarioIsRenamedUnlessItChangedMeanwhile(t *testing.T) {
	t.Parallel()
	f := openFirm(t)
	ctx := t.Context()
	s := f.saved(t, "Developers build")
	other := f.saved(t, "Another")
	renamed, err := f.c.RenameScenario(ctx, f.administrator, model.Scenario{ID: s.ID, Name: "Builds", Description: "Why", Version: 1})
	if err != nil || renamed.Version != 2 || len(renamed.Cases) != 4 || !renamed.CreatedAt.Equal(noon) {
		t.Fatalf("RenameScenario() = version %d with %d cases, %v", renamed.Version, len(renamed.Cases), err)
	}
	f.trail(t, "Changed the scenario Builds")
	_, err = f.c.RenameScenario(ctx, f.administrator, model.Scenario{ID: s.ID, Name: "Mine", Version: 1})
	if fields := fields(t, err, model.Conflict); len(fields) != 0 {
		t.Errorf("a stale version complains about %v", fields)
	}
	v, err := f.c.CompareScenario(ctx, f.administrator, s.ID, 1)
	if err != nil || v.Now.Name != "Builds" || v.Then.Name != "Developers build" || v.By != "Elena Novak" {
		t.Errorf("CompareScenario() = %q then, %q now, by %s, %v", v.Then.Name, v.Now.Name, v.By, err)
	}
	_, err = f.c.RenameScenario(ctx, f.administrator, model.Scenario{ID: other.ID, Name: "BUILDS", Version: 1})
	if words := fields(t, err, model.Conflict)["name"]; words != "Another scenario has this name." {
		t.Errorf("a taken name: %q", words)
	}
	_, err = f.c.RenameScenario(ctx, f.administrator, model.Scenario{ID: s.ID, Name: strings.Repeat("x", 129), Version: 2})
	if words := fields(t, err, model.Invalid)["name"]; words == "" {
		t.Errorf("a long name: %v", err)
	}
}

func TestScenariosThatCannotBeSavedAreRefused(t *testing.T) {
	t.Parallel()
	f := openFirm(t)
	ctx := t.Context()
	f.saved(t, "Developers build")
	_, err := f.c.SaveAnswer(ctx, f.administrator, "developers BUILD", f.question("s3:GetObject"))
	if words := fields(t, err, model.Conflict)["name"]; words != "Another scenario has this name." {
		t.Errorf("a taken name: %q", words)
	}
	_, err = f.c.SaveAnswer(ctx, f.administrator, " ", f.question("s3:GetObject"))
	if fields(t, err, model.Invalid)["name"] == "" {
		t.Error("a scenario needs a name")
	}
	undecided := f.question("s3:GetObject")
	undecided.Policy = `{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Principal":"*","Action":"*","Resource":"*",
		"Condition":{"NoSuchOperator":{"aws:SourceIp":"1"}}}]}`
	_, err = f.c.SaveAnswer(ctx, f.administrator, "Undecided", undecided)
	if words := fields(t, err, model.Invalid)["name"]; !strings.Contains(words, "cannot be read") {
		t.Errorf("an undecided answer: %q", words)
	}
	_, err = f.c.SaveScenario(ctx, f.administrator, model.Scenario{Name: "Wrong", Cases: []model.Case{
		{Expect: "maybe", Simulation: f.question("s3:GetObject")}, {Expect: model.ExpectAllowed, Simulation: f.question("s3")}}})
	if words := fields(t, err, model.Invalid)["cases"]; !strings.HasPrefix(words, `Case 1 expects "maybe"`) {
		t.Errorf("wrong cases: %q", words)
	}
}

func TestAScenarioIsDeletedAndItsNameIsFree(t *testing.T) {
	t.Parallel()
	f := openFirm(t)
	ctx := t.Context()
	s := f.saved(t, "Developers build")
	if err := f.c.DeleteScenario(ctx, f.administrator, s.ID); err != nil {
		t.Fatal(err)
	}
	f.trail(t, "Deleted the scenario Developers build")
	if _, err := f.c.Scenario(ctx, f.auditor, s.ID); model.KindOf(err) != model.NotFound {
		t.Errorf("a deleted scenario: %v", err)
	}
	if err := f.c.DeleteScenario(ctx, f.administrator, s.ID); model.KindOf(err) != model.NotFound {
		t.Errorf("deleting it again: %v", err)
	}
	if _, err := f.c.SaveScenario(ctx, f.administrator, s); model.KindOf(err) != model.NotFound {
		t.Errorf("changing a deleted scenario: %v", err)
	}
	f.saved(t, "Developers build")
}

func TestScenariosAreForThoseWhoMayKeepThem(t *testing.T) {
	t.Parallel()
	f := openFirm(t)
	ctx := t.Context()
	s := f.saved(t, "Developers build")
	for _, actor := range []model.Actor{f.auditor, f.developer} {
		q := f.question("s3:GetObject")
		_, err := f.c.SaveAnswer(ctx, actor, "Mine", q)
		f.refused(t, model.ActSaveScenario, err)
		f.refused(t, model.ActDeleteScenario, f.c.DeleteScenario(ctx, actor, s.ID))
	}
	if _, err := f.c.Scenarios(ctx, f.developer); model.KindOf(err) != model.Forbidden {
		t.Errorf("the developer lists scenarios: %v", err)
	}
	if all, err := f.c.Scenarios(ctx, f.auditor); err != nil || len(all) != 1 {
		t.Errorf("the auditor lists %d scenarios, %v", len(all), err)
	}
}
