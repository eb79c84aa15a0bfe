/**
 * What `POST /v1/reviews` answers, as far as the page reads it.
 *
 * @typedef {"error" | "warning" | "suggestion"} Severity
 * @typedef {{ objective: number, key_result: number | null }} Target
 * @typedef {{ id: string, rule: string, severity: Severity, start: number, end: number, quote: string, message: string,
 *   question: string, sources: string[], confidence: number, help_url: string, target: Target,
 *   details: { disagree?: Opinion[] } }} Finding
 * @typedef {{ source: string, verdict: string, confidence: number, why: string }} Opinion
 * @typedef {{ target: Target, kind: string, confidence: number, why: string }} Heard
 * @typedef {{ text: string, start: number, end: number, verdict: string }} KeyResult
 * @typedef {{ key_result: number | null, points: number, rules: string[] }} Deduction
 * @typedef {{ team: string | null, cycle: string | null, text: string | null, start: number | null, end: number | null,
 *   key_results: KeyResult[], verdict: string | null, grade: number | null, deductions: Deduction[] }} Objective
 * @typedef {{ objectives: Objective[], findings: Finding[], grade: number | null, profile: string,
 *   notes: { code: string, message: string }[],
 *   engine: { tiers: string[], milliseconds: Record<string, number> } }} Review
 *
 * What `POST /v1/rewrites` answers.
 *
 * @typedef {{ op: "same" | "out" | "in", text: string }} Change
 * @typedef {{ target: Target, text: string, kind: "line" | "okr" | "move", answers_findings: string[], blanks: string[],
 *   diff: Change[], grade_before: number, grade_after: number, writer: string, guess: boolean, why: string,
 *   goes_to: string, answered: string[] }} Rewrite
 * @typedef {{ reason: string, message: string, target: Target, text: string }} Dropped
 * @typedef {{ id: string, target: Target, text: string }} Question
 * @typedef {{ rewrites: Rewrite[], dropped: Dropped[], questions: Question[] }} Rewrites
 *
 * What the server puts into the page beside it.
 *
 * @typedef {{ profile: string, view: string, why: string }} Stance
 * @typedef {{ title: string, why: string, whole: boolean, agree: string[], stances: Stance[] }} RuleFacts
 * @typedef {{ rules: Record<string, RuleFacts>, severities: Record<Severity, string>, sources: Record<string, string>,
 *   opinions: Record<string, string>, verdicts: Record<string, string>,
 *   places: Record<string, string> }} Words
 */
export {};
