/** Entry of the page of cohorts. */
import { registerControls } from '../controls';
import '../base.css';
import '../document.css';
import '../framedTables.css';
import './styles/page.css';
import { CohortsPage } from './page';

registerControls();
const page = new CohortsPage(acquireVsCodeApi(), document.getElementById('root') ?? document.body);
void page.start();
